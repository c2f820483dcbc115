import fc from 'fast-check'

/** Texts that were not meant by whoever wrote the schema, with what is odd about them. */
export const ODD_TEXTS: Readonly<Record<string, string>> = {
  'a pair where names are cut at 80': `${'a'.repeat(79)}😀`,
  'a pair where names are cut at 64': `${'a'.repeat(63)}😀`,
  'a pair where words are cut at 200': `${'b'.repeat(199)}😀${'c'.repeat(50)}`,
  'pairs at every cut': '😀'.repeat(2500),
  'joined emoji': '👩‍👩‍👧‍👦🏳️‍🌈',
  'combining characters': `e${'\u0301'.repeat(300)}`,
  'bidirectional marks': '\u202Eevil\u2066\u2069\u200F',
  'a byte order mark': '\uFEFFtext\uFEFF',
  noncharacters: '\uFFFE\uFFFF\u{10FFFF}\u{1FFFE}',
  'C0 controls': '\u0001\u0007\b\u001B[31m\u001F\u007F',
  'C1 controls': '\u0080\u0085\u009B\u009F',
  'line ends of every kind': 'a\r\nb\rc\u2028d\u2029e\v\f',
  'letters that grow': 'İIıßŉǰΐﬃ'.repeat(60),
  'a prototype': '__proto__',
  'a constructor': 'constructor',
  'a very long text': 'x'.repeat(20_000),
  'a path': '../../../../etc/passwd',
  'a statement': "'); DROP TABLE prompt_template; --",
  'a template': '{{ x | append: "}}" }}{% raw %}{%',
  'a tag': '<script>alert(1)</script>',
  'escapes that are none': '\\u0000\\ud800%00%ED%A0%80&#0;',
  empty: '',
  'a blank': ' ',
  'a private and a rare character': '\u{E000}\u{F0000}\u{2F804}',
}

/** Texts that no store takes: half of a surrogate pair, and NUL. Each is to be refused. */
export const BROKEN_TEXTS: Readonly<Record<string, string>> = {
  'the first half of a pair': 'a\uD83D',
  'the second half of a pair': '\uDE00b',
  'halves the wrong way round': '\uDE00\uD83D',
  'a half where names are cut': `${'a'.repeat(79)}\uD83D`,
  'a NUL': 'a\0b',
  'NUL alone': '\0',
}

/** Any text of the kinds above, or one that was made up. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...Object.values(ODD_TEXTS)) },
  { weight: 1, arbitrary: fc.constantFrom(...Object.values(BROKEN_TEXTS)) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 120 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
)

/** Times, numbers and ids at the edges of what JavaScript, JSON and PostgreSQL can hold. */
export const EDGE_TEXTS: readonly string[] = [
  '0',
  '-1',
  '1e3',
  '1e400',
  'Infinity',
  'NaN',
  '0x10',
  '1.5',
  '007',
  '2147483647',
  '2147483648',
  '4294967296',
  '9007199254740993',
  '99999999999999999999999999',
  '0001-01-01T00:00:00Z',
  '0000-12-31T23:59:59Z',
  '-000001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '9999-12-31T23:59:59-23:59',
  '+275760-09-13T00:00:00Z',
  '1969-12-31T23:59:59Z',
  '1970-01-01T00:00:00+23:59',
  '2999-12-31T23:59:59.999999999999999999999999999Z',
  `2026-01-01T00:00:00.${'1'.repeat(200)}Z`,
  '2026-02-30T00:00:00Z',
  '2026-01-01T00:00:00+16:00',
  '2026-01-01T00:00:00',
  '2026-01-01',
  'now',
  'infinity',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '018F0000-0000-7000-8000-000000000000',
  '{018f0000-0000-7000-8000-000000000000}',
  'true',
  'null',
  'undefined',
  'Etc/GMT+14',
  'Asia/Calcutta',
  'GMT0',
  'posixrules',
  'Factory',
  '*',
  'latest',
  'none',
]

/** Whether what was answered holds half of a surrogate pair, which JSON.stringify writes as an escape. */
export function holdsHalfPair(text: string): boolean {
  return !text.isWellFormed() || /(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F][0-9a-fA-F]{2}/.test(text)
}

/** Percent-encodes any text; half of a pair becomes the three bytes that a careless encoder makes of it. */
export function percentEncoded(text: string): string {
  return Array.from(text, (character) => {
    if (character.isWellFormed()) return encodeURIComponent(character)
    const unit = character.charCodeAt(0)
    const bytes = [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]
    return bytes.map((byte) => `%${byte.toString(16).toUpperCase()}`).join('')
  }).join('')
}
