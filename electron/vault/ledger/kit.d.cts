/** Typed where it is loaded (packages.ts): here the packages' types would be those of another module system. */
declare const kit: unknown;
export default kit;
