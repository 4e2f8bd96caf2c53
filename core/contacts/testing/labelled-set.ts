import { keccak256, toHex } from "viem/utils";
import { type Address, toAddress } from "../../primitives/address.ts";
import type { Contact } from "../contact.ts";

/** Somebody who turns up, and whether the person should be warned. */
export interface Labelled {
  readonly name?: string;
  readonly address: Address;
  /** The name of the contact who is imitated; undefined when it is an honest stranger. */
  readonly imitates?: string;
  /** What the group is called in the figures. */
  readonly group: string;
}

/** An address out of a text: always the same, and as good as drawn by lot. */
export const addressOf = (text: string): Address => toAddress(keccak256(toHex(text)).slice(0, 42));

const CONTACT_NAMES = [
  "Ben Miller",
  "Ana García",
  "Martin Weber",
  "Johanna Schmidt",
  "Stefan Novak",
  "Jan Novák",
  "Mum",
  "Dad",
  "Kraken deposit",
  "My Ledger",
  "Savings Safe",
  "Иван Петров",
  "Мария Соколова",
  "Νίκος Παπαδόπουλος",
  "王小明",
  "田中太郎",
  "محمد علي",
  "דוד לוי",
  "김민수",
  "अमित शर्मा",
  "Alexander Petersen",
  "Trivet Support",
  "O'Brien & Sons",
  "Chloé Lefèvre",
  "Nguyễn Văn An",
  "Łukasz Kowalski",
  "Illia Ilchenko",
  "rent 2026",
] as const;

export const CONTACTS: readonly Contact[] = CONTACT_NAMES.map((name) => ({
  name,
  address: addressOf(`contact ${name}`),
  addedAt: 0,
}));

/** Imitated name, then what imitates it. */
const IMITATIONS: Record<string, readonly (readonly [name: (typeof CONTACT_NAMES)[number], as: string])[]> = {
  "letters of another script": [
    ["Ben Miller", "Bеn Miller"],
    ["Ben Miller", "Ben Мiller"],
    ["Ana García", "Аna García"],
    ["Martin Weber", "Mаrtin Weber"],
    ["Martin Weber", "Μartin Weber"],
    ["Stefan Novak", "Stefan Novаk"],
    ["Mum", "Мum"],
    ["Dad", "Dаd"],
    ["Kraken deposit", "Krakеn dероsit"],
    ["My Ledger", "Мy Ledger"],
    ["Savings Safe", "Ѕavings Safe"],
    ["Alexander Petersen", "Аlехаnder Реtersen"],
    ["Trivet Support", "Trivet Ѕupport"],
    ["Trivet Support", "Тrivet Suрport"],
    ["Иван Петров", "Ивaн Пeтpoв"],
    ["Мария Соколова", "Mария Cоколова"],
    ["Νίκος Παπαδόπουλος", "Νίκoς Παπαδόπουλος"],
    ["Łukasz Kowalski", "Łukаsz Kowаlski"],
    ["Chloé Lefèvre", "Сhloé Lefèvre"],
    ["rent 2026", "rеnt 2026"],
    ["O'Brien & Sons", "О'Brien & Sons"],
  ],
  "signs that look like letters": [
    ["Ben Miller", "Ben Mi11er"],
    ["Ben Miller", "Ben MiIler"],
    ["Ben Miller", "Ben Mil|er"],
    ["Illia Ilchenko", "lllia Ilchenko"],
    ["Illia Ilchenko", "1llia 1lchenko"],
    ["Martin Weber", "𝗠𝗮𝗿𝘁𝗶𝗻 Weber"],
    ["Martin Weber", "Ｍartin Ｗeber"],
    ["Stefan Novak", "Stefan N0vak"],
    ["My Ledger", "My ℒedger"],
    ["Kraken deposit", "Kraken dep0sit"],
    ["Trivet Support", "Trivet Supp૦rt"],
    ["Alexander Petersen", "Alexander Peterseո"],
    ["Mum", "Murn"],
    ["Savings Safe", "Savings 5afe"],
    ["rent 2026", "rent 2O26"],
    ["rent 2026", "rent 2০26"],
    ["Johanna Schmidt", "Johanna Schrnidt"],
    ["Johanna Schmidt", "Johanna Sϲhmidt"],
  ],
  "characters that are not seen": [
    ["Ben Miller", "Ben\u200d Miller"],
    ["Ana García", "Ana Garc\u200cía"],
    ["Mum", "M\u034fum"],
    ["Trivet Support", "Trivet\ufe0f Support"],
    ["Иван Петров", "Иван\u200d Петров"],
    ["王小明", "王小\u200d明"],
    ["My Ledger", "My\u00a0Ledger"],
  ],
  "the same name, otherwise written": [
    ["Ben Miller", "ben miller"],
    ["Ben Miller", "Ben-Miller"],
    ["Ben Miller", "Ben  Miller."],
    ["Ana García", "Ana Garci\u0301a"],
    ["Mum", "MUM"],
    ["Kraken deposit", "kraken-deposit"],
    ["Savings Safe", "SavingsSafe"],
    ["O'Brien & Sons", "O’Brien & Sons"],
    ["Trivet Support", "TRIVET SUPPORT"],
    ["Иван Петров", "иван петров"],
    ["Nguyễn Văn An", "nguyễn văn an"],
    ["Łukasz Kowalski", "łukasz kowalski"],
    ["rent 2026", "Rent 2026"],
  ],
  "one letter off": [
    ["Ben Miller", "Ben Miler"],
    ["Ben Miller", "Ben Milller"],
    ["Johanna Schmidt", "Johanna Schmiedt"],
    ["Johanna Schmidt", "Johana Schmidt"],
    ["Alexander Petersen", "Alexander Pedersen"],
    ["Alexander Petersen", "Alexandre Petersen"],
    ["Alexander Petersen", "Alexadner Petersen"],
    ["Trivet Support", "Trivet Suport"],
    ["Trivet Support", "Trivet Suppport"],
    ["Trivet Support", "Trivet Suppotr"],
    ["Kraken deposit", "Krakken deposit"],
    ["Kraken deposit", "Kraken depositt"],
    ["Savings Safe", "Savngs Safe"],
    ["Łukasz Kowalski", "Łukasz Kovalski"],
    ["Мария Соколова", "Мария Соколва"],
    ["My Ledger", "My Ledgers"],
    ["Chloé Lefèvre", "Chloé Lefevre"],
    ["Ana García", "Ana Garcia"],
    ["Mum", "Mumm"],
  ],
};

/** People who are nobody's imitation, many of them near to a contact. */
const HONEST: Record<string, readonly string[]> = {
  "relatives and namesakes": [
    "Anna Miller",
    "Benjamin Miller",
    "Bea Miller",
    "Jana Nováková",
    "Martina Weber",
    "Marta Weber",
    "Stefanie Novak",
    "Stefano Novak",
    "Johannes Schmidt",
    "Hanna Schmidt",
    "Иванна Петрова",
    "Марина Соколова",
    "Alexandra Petersen",
    "Alex Petersen",
    "Ann García",
    "王小红",
    "田中花子",
    "محمد حسن",
    "דנה לוי",
    "김민지",
    "Nguyễn Văn Anh",
    "Mom",
    "Mia",
    "Dan",
    "Rad",
    "rent 2025",
    "rent 2027",
    "Kraken",
    "Coinbase deposit",
    "My Trezor",
    "My old Ledger",
    "Savings",
    "Savings Safe 2",
    "Trivet Sales",
    "Chloé Martin",
    "Illia",
  ],
  "short names one letter apart": [
    "Ana",
    "Anna",
    "Marc",
    "Mark",
    "Jon",
    "John",
    "Maria",
    "Mario",
    "Marie",
    "Lena",
    "Lea",
    "Jonas",
    "Jonah",
    "Karin",
    "Katrin",
    "Ben",
    "Ben M",
    "Jan",
    "Иван",
    "Марина",
  ],
  "strangers in every script": [
    "Olga Kuznetsova",
    "Ольга Кузнецова",
    "Sergey Сергей",
    "Tom Мюллер",
    "Γιώργος",
    "Γιώργος Smith",
    "李雷 Lei Li",
    "鈴木 一郎",
    "すずき いちろう",
    "ณัฐ",
    "გიორგი",
    "አበበ",
    "Zoë",
    "Ærøskøbing ApS",
    "Ünal Çelik",
    "João D'Ávila",
    "Bäckerei Groß",
    "🙂",
    "Team 🚀",
    "👩\u200d👩\u200d👧 family",
    "می\u200cخواهم",
    "42",
    "A",
    "Safe 0 of 3",
    "Ledger Nano backup",
    "USDC faucet",
    "rent",
    "Mumbai office",
    "Daddy's Pizza",
  ],
};

/** An address that begins and ends like another, as those who try keys until one fits can have. */
function poisoned(of: Address, first: number, last: number): Address {
  const [known, drawn] = [of.slice(2), addressOf(`poison ${of} ${first} ${last}`).slice(2)];
  const digits = known.slice(0, first) + drawn.slice(first, 40 - last) + known.slice(40 - last);
  return toAddress(`0x${digits.toLowerCase()}`);
}

/** With the digits at some places replaced by the next ones. */
function mistyped(of: Address, places: readonly number[]): Address {
  const digits = Array.from(of.slice(2).toLowerCase(), (digit, place) =>
    places.includes(place) ? ((Number.parseInt(digit, 16) + 1) % 16).toString(16) : digit,
  );
  return toAddress(`0x${digits.join("")}`);
}

const ADDRESS_IMITATIONS: Labelled[] = CONTACTS.flatMap(({ name, address }, index) => [
  ...[
    [4, 4],
    [3, 5],
    [5, 3],
    [6, 0],
    [0, 6],
    [2, 4],
    [2, 3],
  ].map(([first = 0, last = 0]) => ({
    address: poisoned(address, first, last),
    imitates: name,
    group: `an address with the same ${first} first and ${last} last digits`,
  })),
  {
    address: mistyped(address, [index % 40]),
    imitates: name,
    group: "an address with one to three digits changed",
  },
  {
    address: mistyped(address, [1, index % 40, 38]),
    imitates: name,
    group: "an address with one to three digits changed",
  },
]);

export const LABELLED: readonly Labelled[] = [
  ...Object.entries(IMITATIONS).flatMap(([group, pairs]) =>
    pairs.map(([imitates, name]) => ({ name, imitates, group, address: addressOf(`${group} ${name}`) })),
  ),
  ...ADDRESS_IMITATIONS,
  ...Object.entries(HONEST).flatMap(([group, names]) =>
    names.map((name) => ({ name, group, address: addressOf(`${group} ${name}`) })),
  ),
  ...Array.from({ length: 2000 }, (_, index) => ({
    address: addressOf(`stranger ${index}`),
    group: "strangers' addresses",
  })),
];
