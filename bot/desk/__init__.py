"""The desk's door: pages, JSON and a WebSocket for the hoster's people. See docs/desk-protocol.md."""
