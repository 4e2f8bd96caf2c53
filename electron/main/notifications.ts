import { type BrowserWindow, Notification } from "electron";

/** Shows a notification of the desktop; a click brings the window. */
export type Notify = (title: string, body: string) => void;

export function createNotify(window: () => BrowserWindow | undefined): Notify {
  // Kept until it is closed: one that is collected as garbage does not hear its click.
  const open = new Set<Notification>();
  return (title, body) => {
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title, body });
    open.add(notification);
    notification.on("close", () => open.delete(notification));
    notification.on("click", () => {
      const app = window();
      if (app?.isMinimized()) app.restore();
      app?.focus();
    });
    notification.show();
  };
}
