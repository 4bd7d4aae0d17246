// Drives real socket.io-clients for test_clients.py: commands come as lines of JSON, what clients see goes out so.
const readline = require("node:readline");

const CLIENTS = {
  2: () => require("socket.io-client-2"),
  3: () => require("socket.io-client-3").io,
  4: () => require("socket.io-client").io,
};
const sockets = {};
const tell = (name, event, ...args) => process.stdout.write(`${JSON.stringify({ name, event, args })}\n`);

const COMMANDS = {
  open({ name, version, url, options }) {
    const socket = CLIENTS[version]()(url, { reconnectionDelay: 10, timeout: 5000, ...options });
    sockets[name] = socket;
    socket.on("connect", () => tell(name, "connect", { recovered: socket.recovered ?? null }));
    socket.on("disconnect", (reason) => tell(name, "disconnect", reason));
    socket.on("connect_error", (error) => tell(name, "connect_error", error.message));
    if (socket.onAny) socket.onAny((event, ...args) => tell(name, event, ...args));
  },
  emit({ name, args }) {
    sockets[name].emit(...args);
  },
  ask({ name, args }) {
    sockets[name].emit(...args, (...answer) => tell(name, "acknowledged", ...answer));
  },
  // The connection breaks; the client does not know why, and comes again if it may.
  breakOff({ name, again }) {
    sockets[name].io.reconnection(again);
    sockets[name].io.engine.close();
  },
  comeAgain({ name }) {
    sockets[name].io.reconnection(true);
    sockets[name].connect();
  },
  close({ name }) {
    sockets[name].disconnect();
  },
};

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const command = JSON.parse(line);
  COMMANDS[command.do](command);
}).on("close", () => process.exit(0));
