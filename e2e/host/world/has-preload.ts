/** Whether the document is one of the app's: not a frame inside a page, nor what a window shows before its page. */
export const hasPreload = (emptyUrl: string): boolean => window.top === window && location.href !== emptyUrl;
