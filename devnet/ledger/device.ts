import { EventEmitter } from "node:events";
import { parseApdu, reply, StatusError, StatusWord } from "./apdu.ts";
import { EthereumApp } from "./ethereum/app.ts";
import { Keys } from "./keys.ts";
import { type Model, type ModelId, MODELS } from "./models.ts";
import type { Page, Step } from "./screens/page.ts";
import { type Approval, DeviceGone, Screen, type ScreenKind, type ScreenState } from "./screens/screen.ts";
import { APP_VERSION, type AppSettings, DEFAULT_APP_SETTINGS, type StoredDevice } from "./settings.ts";
import { handleBySystem } from "./shell.ts";

const ETHEREUM = "Ethereum";

/** How a software Ledger starts. */
export interface DeviceOptions {
  readonly seed: string;
  readonly model?: ModelId | undefined;
  readonly settings?: AppSettings;
  readonly approval?: Approval;
  /** Version of the installed Ethereum app. */
  readonly appVersion?: string | undefined;
}

/** Everything about the device that a page needs to draw it. */
export interface DeviceState {
  readonly model: ModelId;
  readonly modelName: string;
  readonly touch: boolean;
  readonly size: { readonly width: number; readonly height: number };
  readonly pluggedIn: boolean;
  readonly locked: boolean;
  /** The open app; null on the dashboard. */
  readonly app: { readonly name: string; readonly version: string } | null;
  readonly settings: AppSettings;
  readonly approval: Approval;
  /** Whether a review waits for the person. */
  readonly asking: boolean;
  readonly screen: ScreenState;
}

/** What the device tells whoever is interested. */
interface DeviceEvents {
  /** A page came up on the screen. */
  page: [Page];
  /** Something about the device changed. */
  change: [];
  /** The connection broke: unplugged, or an app was opened or closed. */
  disconnect: [];
}

/** A Ledger in software: operating system, Ethereum app, screen and buttons. */
export class SoftwareLedger extends EventEmitter<DeviceEvents> {
  readonly screen: Screen;
  readonly #keys: Keys;
  #model: Model;
  #settings: AppSettings;
  #appVersion: string;
  #pluggedIn = true;
  #locked = false;
  #app: EthereumApp | undefined;
  /** One command at a time: settles when the command before is answered. */
  #queue: Promise<unknown> = Promise.resolve();
  /** Counts how often the power was lost; commands from before are answered no more. */
  #powerCycle = 0;

  /** @throws RangeError when the seed is not a valid phrase */
  constructor({
    seed,
    model = "flex",
    settings = DEFAULT_APP_SETTINGS,
    approval = "ask",
    appVersion = APP_VERSION,
  }: DeviceOptions) {
    super();
    this.#keys = new Keys(seed);
    this.#model = MODELS[model];
    this.#settings = settings;
    this.#appVersion = appVersion;
    this.#app = this.#newApp();
    this.screen = new Screen({
      model: () => this.#model,
      approval,
      rest: () => this.#restingScreen(),
      drawn: (page) => {
        this.emit("page", page);
        this.emit("change");
      },
    });
    this.screen.rest();
  }

  get state(): DeviceState {
    return {
      model: this.#model.id,
      modelName: this.#model.name,
      touch: this.#model.touch,
      size: this.#model.screen,
      pluggedIn: this.#pluggedIn,
      locked: this.#locked,
      app: this.#openApp ?? null,
      settings: this.#settings,
      approval: this.screen.approval,
      asking: this.screen.asking,
      screen: this.screen.state,
    };
  }

  /** What survives a restart. */
  get stored(): StoredDevice {
    return { model: this.#model.id, settings: this.#settings, appVersion: this.#appVersion };
  }

  get pluggedIn(): boolean {
    return this.#pluggedIn;
  }

  /**
   * Answers a command; commands wait for their turn, and a command that needs the person waits for the person.
   * @throws DeviceGone when the device is not there, or is unplugged before it has answered
   */
  apdu(bytes: Uint8Array): Promise<Uint8Array> {
    const cycle = this.#powerCycle;
    const answered = this.#queue.then(() => {
      if (!this.#pluggedIn || cycle !== this.#powerCycle)
        throw new DeviceGone("the device is not plugged in");
      return this.#answer(bytes);
    });
    this.#queue = answered.catch(() => undefined);
    return answered;
  }

  setSettings(settings: Partial<AppSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
    this.#changed();
  }

  lock(): void {
    this.#locked = true;
    this.#changed();
  }

  unlock(): void {
    this.#locked = false;
    this.#changed();
  }

  /** Opens the Ethereum app, closes the open one (undefined), or installs another version of it. */
  setApp(app: { readonly open?: boolean; readonly version?: string }): void {
    if (app.version !== undefined) this.#appVersion = app.version;
    if (app.open ?? this.#app !== undefined) this.#open();
    else this.#quit();
  }

  /** A device without a battery is locked, with no app open, when it is plugged in again. */
  unplug(): void {
    if (!this.#pluggedIn) return;
    this.#pluggedIn = false;
    this.#powerCycle += 1;
    if (!this.#model.battery) {
      this.#app = undefined;
      this.#locked = true;
    } else if (this.#app) {
      this.#app = this.#newApp();
    }
    this.screen.abandon();
    this.#changed();
    this.emit("disconnect");
  }

  plug(): void {
    this.#pluggedIn = true;
    this.#changed();
  }

  /** Turns it into another model with the same seed and settings, as if the device had been exchanged. */
  setModel(model: ModelId): void {
    if (model === this.#model.id) return;
    const wasPluggedIn = this.#pluggedIn;
    this.unplug();
    this.#model = MODELS[model];
    this.#app = this.#newApp();
    this.#locked = false;
    this.#pluggedIn = wasPluggedIn;
    this.#changed();
  }

  async #answer(bytes: Uint8Array): Promise<Uint8Array> {
    try {
      const apdu = parseApdu(bytes);
      if (this.#locked) throw new StatusError(StatusWord.locked, "the device is locked");
      const answer = await handleBySystem(apdu, {
        app: this.#openApp,
        os: this.#model.os,
        installed: [ETHEREUM],
        confirmOpening: (name) =>
          this.screen.review({
            kind: "open-app",
            title: `Open ${name} app?`,
            fields: [],
            finish: `Open ${name}`,
            blind: false,
          }),
        open: () => this.#open(),
        quit: () => this.#quit(),
      });
      if (answer) return answer;
      const app = this.#app;
      if (!app) throw new StatusError(StatusWord.appNotOpen, "no app is open");
      return await app.handle(apdu);
    } catch (error) {
      if (error instanceof StatusError) return reply([], error.status);
      throw error;
    }
  }

  get #openApp(): { name: string; version: string } | undefined {
    return this.#app && { name: ETHEREUM, version: this.#appVersion };
  }

  #newApp(): EthereumApp {
    return new EthereumApp(() => ({
      keys: this.#keys,
      model: this.#model,
      settings: this.#settings,
      version: this.#appVersion,
      review: (review) => this.screen.review(review),
      notify: (notice) => this.screen.notify(notice),
    }));
  }

  /** Opening or closing an app makes the USB device disappear and come back. */
  #open(): void {
    this.#replaceApp(this.#newApp());
  }

  #quit(): void {
    this.#replaceApp(undefined);
  }

  #replaceApp(app: EthereumApp | undefined): void {
    this.#app = app;
    this.screen.abandon();
    this.#changed();
    this.emit("disconnect");
  }

  #changed(): void {
    this.screen.rest();
    this.emit("change");
  }

  #restingScreen(): { kind: ScreenKind; steps: readonly Step[] } {
    if (!this.#pluggedIn && !this.#model.battery) return { kind: "off", steps: [] };
    if (this.#locked) {
      const unlock = { id: "unlock", label: "Enter PIN", act: () => this.unlock() };
      return { kind: "locked", steps: [{ title: "Locked", lines: ["Enter your PIN"], actions: [unlock] }] };
    }
    return this.#app
      ? { kind: "home", steps: this.#homeSteps() }
      : { kind: "dashboard", steps: this.#dashboard() };
  }

  #dashboard(): Step[] {
    const open = { id: "open-app", label: `Open ${ETHEREUM}`, act: () => this.setApp({ open: true }) };
    return [{ title: "Dashboard", lines: [ETHEREUM, `Version ${this.#appVersion}`], actions: [open] }];
  }

  #homeSteps(): Step[] {
    const setting = (id: string, title: string, subtitle: string, name: keyof AppSettings): Step => {
      const on = this.#settings[name];
      return {
        title,
        lines: [subtitle, on ? "On" : "Off"],
        actions: [
          { id, label: on ? "Switch off" : "Switch on", act: () => this.setSettings({ [name]: !on }) },
        ],
      };
    };
    return [
      { title: ETHEREUM, lines: ["The app is ready"] },
      setting("blind-signing", "Blind signing", "Enable transaction blind signing", "blindSigning"),
      setting("raw-messages", "Raw messages", "Displays raw content of EIP712 messages", "rawMessages"),
      { title: "Version", lines: [this.#appVersion] },
      {
        title: "Quit app",
        actions: [{ id: "quit-app", label: "Quit", act: () => this.setApp({ open: false }) }],
      },
    ];
  }
}
