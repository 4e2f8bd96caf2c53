import { expect, test } from "vitest";
import type { Link } from "#core/links/link.ts";
import { createLinks } from "./links.ts";

const LINK = "trivet:account/0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed@1";

test("the newest link waits until it is taken, whatever it is", () => {
  const told: Link[] = [];
  const links = createLinks((link) => told.push(link));
  expect(links.waiting()).toBeUndefined();
  links.open(LINK);
  links.open(LINK);
  expect(links.waiting()).toEqual({ kind: "account", text: LINK });
  links.open("trivet://evil");
  expect(links.waiting()).toEqual({ kind: "unknown" });
  links.taken();
  expect(links.waiting()).toBeUndefined();
  expect(told.map(({ kind }) => kind)).toEqual(["account", "account", "unknown"]);
});
