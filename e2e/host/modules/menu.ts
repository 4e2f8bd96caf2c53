/** Electron's Menu, as far as setting (or removing) the application's menu goes; none is ever shown. */
export class Menu {
  static #application: Menu | null = null;
  readonly items: readonly Electron.MenuItemConstructorOptions[];

  private constructor(items: readonly Electron.MenuItemConstructorOptions[]) {
    this.items = items;
  }

  static buildFromTemplate(template: readonly Electron.MenuItemConstructorOptions[]): Menu {
    return new Menu(template);
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.#application = menu;
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#application;
  }
}
