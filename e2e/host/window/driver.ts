/** By the address of the empty page that Chromium opened a window with. */
const attachments = new Map<string, PromiseWithResolvers<undefined>>();

function attachmentTo(emptyUrl: string): PromiseWithResolvers<undefined> {
  const attachment = attachments.get(emptyUrl) ?? Promise.withResolvers<undefined>();
  attachments.set(emptyUrl, attachment);
  return attachment;
}

/** Whether a test drives the windows over DevTools. */
export const isDriven = (): boolean => process.env.TRIVET_HOST_CONTROL === "1";

/**
 * Resolves once the test's driver is attached to a window's empty page; at once where no test drives. A page that moves on
 * while Playwright attaches to it may be lost: Playwright then keeps the empty page's address, or waits for the context of
 * a document that is gone.
 */
export function whenDriverAttached(emptyUrl: string): Promise<undefined> {
  return isDriven() ? attachmentTo(emptyUrl).promise : Promise.resolve(undefined);
}

/** The driver is attached, or (the window was closed) never will be. */
export function driverAttached(emptyUrl: string): void {
  attachmentTo(emptyUrl).resolve(undefined);
}
