/** What the host tells its scripts in a page. Both scripts are made anew for every window. */
export interface WorldSettings {
  /** The empty document that a window starts with, in which no preload runs. */
  readonly emptyUrl: string;
  /** Names of the events between the two worlds: unguessable, so that a page cannot listen or forge. */
  readonly toMain: string;
  readonly toIsolated: string;
  /** Name of the function by which the isolated world calls the host. */
  readonly binding: string;
  /** Name of the function by which the host calls the isolated world. */
  readonly receiver: string;
  readonly platform: string;
  readonly arch: string;
  readonly versions: Readonly<Record<string, string>>;
}
