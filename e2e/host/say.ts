/** One line for the person at the terminal. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Ends the program with one line that says why; for what a person has to put right. */
export function refuse(reason: string): never {
  process.stderr.write(`The stand-in for Electron stops: ${reason}\n`);
  process.exit(1);
}
