import { type Link, readLink } from "#core/links/link.ts";

/** The newest link that was opened outside Trivet, until the person looks at it. Nothing is done by a link. */
export interface Links {
  /** @param text what the operating system handed over; anybody may have written it */
  readonly open: (text: string) => void;
  readonly waiting: () => Link | undefined;
  readonly taken: () => void;
}

export function createLinks(onLink: (link: Link) => void): Links {
  let waiting: Link | undefined;
  return {
    open(text) {
      waiting = readLink(text);
      onLink(waiting);
    },
    waiting: () => waiting,
    taken() {
      waiting = undefined;
    },
  };
}
