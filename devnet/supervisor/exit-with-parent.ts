// Loaded before every process the supervisor starts (`--import`): when the supervisor is gone, however it
// went, its channel closes and the process ends too, gently first.
const GRACE_MS = 3_000;

process.once("disconnect", () => {
  setTimeout(() => process.exit(0), GRACE_MS).unref();
  process.kill(process.pid, "SIGTERM");
});
// Listening for its end must not keep a process alive that has nothing else to do.
process.channel?.unref();
