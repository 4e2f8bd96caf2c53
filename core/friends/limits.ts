/** The longest letter that is read at all, in characters; parsed only below it. */
export const MOST_LETTER_CHARACTERS = 64 * 1024;
/** The longest data of a link: what mail programs and messengers pass on whole. */
export const MOST_LINK_CHARACTERS = 16 * 1024;
/** What one QR code carries: more, and phones no longer read it from a screen. */
export const QR_PART_CHARACTERS = 700;
/** More QR codes than these nobody wants to read one after another. */
export const MOST_QR_PARTS = 8;
/**
 * The longest signature of a contract, in bytes: what 63 owners of a Safe sign. With it an answer has about 9 000
 * characters, which still go as a link. The account itself would take 65 535.
 */
export const MOST_SIGNATURE_BYTES = 4096;
/** The longest text in which somebody says why they ask. */
export const MOST_REASON_LENGTH = 280;
/** A year, in seconds: after it a friend is asked again whether they are still there. */
export const CHECK_INTERVAL = 365 * 86_400;
/** How long an invitation, a request or a check counts unless the person says otherwise, in seconds. */
export const LETTER_LIFETIME = 14 * 86_400;
