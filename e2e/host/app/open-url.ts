let hear: (url: string) => void = () => undefined;

/** For the app: it hears of every link that the system opens with it. */
export function hearLinks(listener: (url: string) => void): void {
  hear = listener;
}

/** For the control channel: the system opens a link, as macOS does. */
export const openUrl = (url: string): void => {
  hear(url);
};
