"""The hoster's own sign-in, by OpenID Connect: one way into the desk."""
