import { LoudEmitter } from "../loud.ts";
import { say } from "../say.ts";
import { cancelable } from "../cancelable.ts";

/** Every notification that was shown, for tests. */
export const shown: Notification[] = [];

/** Electron's Notification: printed instead of shown. */
export class Notification extends LoudEmitter {
  readonly title: string;
  readonly body: string;
  readonly silent: boolean;

  constructor({ title = "", body = "", silent = false }: Electron.NotificationConstructorOptions = {}) {
    super(["show", "click", "close"]);
    this.title = title;
    this.body = body;
    this.silent = silent;
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    shown.push(this);
    say(`Notification: ${this.title} ${this.body}`);
    this.emit("show", cancelable({}));
  }

  close(): void {
    this.emit("close", cancelable({}));
  }
}
