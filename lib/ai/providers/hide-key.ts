/** What stands in the place of a key. */
const HIDDEN = '***'
/** A shorter key is looked for as it is, and in errors alone: its spellings stand in innocent words. */
const SHORTEST = 8
/** What may stand between the characters of a key that was cut into pieces. */
const BETWEEN = `[\\s"'+,\\u00ad\\u200b]{0,5}`

/** A key with every usual way to spell it, the longest first. */
function spellingsOf(key: string): string[] {
  if (key.length < SHORTEST) return [key]
  const hex = Buffer.from(key).toString('hex')
  const escaped = encodeURIComponent(key)
  const spellings = [
    key,
    key.toLowerCase(),
    key.toUpperCase(),
    reversed(key),
    escaped,
    escaped.replaceAll(/%../g, (code) => code.toLowerCase()),
    JSON.stringify(key).slice(1, -1),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].flatMap((offset) => base64Within(key, offset)),
  ]
  return [...new Set(spellings)].toSorted((a, b) => b.length - a.length)
}

function reversed(text: string): string {
  return text.split('').toReversed().join('')
}

/**
 * The characters of a Base64 text that hold nothing but the key, in both alphabets: they are the same whatever
 * stands around the key, such as "Bearer " before it.
 * @param offset bytes before the key, modulo three
 */
function base64Within(key: string, offset: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(key)])
  const from = Math.ceil((offset * 8) / 6)
  const to = Math.floor((bytes.length * 8) / 6)
  return [bytes.toString('base64').slice(from, to), bytes.toString('base64url').slice(from, to)]
}

/** A text of a provider without the key of the call, in whatever way it is spelt or cut. */
export function hideKey(text: string, key: string | undefined): string {
  if (key === undefined || key === '') return text
  const safe = withoutAll(text, spellingsOf(key))
  if (key.length < SHORTEST) return safe
  return [key, reversed(key)].reduce((left, each) => left.replace(inPieces(each), HIDDEN), safe)
}

function withoutAll(text: string, spellings: readonly string[]): string {
  return spellings.reduce((left, spelling) => left.replaceAll(spelling, HIDDEN), text)
}

function inPieces(key: string): RegExp {
  const characters = key.split('').map((character) => character.replace(/\W/, '\\$&'))
  return new RegExp(characters.join(BETWEEN), 'g')
}

/** Takes a key out of a text that comes in pieces. */
export interface KeyScreen {
  /** What can be handed on: an end that a spelling of the key may begin with is held back. */
  accept(piece: string): string
  /** What was held back. */
  end(): string
}

/** @param key undefined: every text passes as it is */
export function screenKey(key: string | undefined): KeyScreen {
  if (key === undefined || key.length < SHORTEST) return { accept: (piece) => piece, end: () => '' }
  const spellings = spellingsOf(key)
  const longest = spellings[0]?.length ?? 0
  const beginnings = new Set(spellings.map((spelling) => spelling[0]))
  let held = ''

  function beginningOfKey(text: string): number {
    for (let at = Math.max(0, text.length - longest + 1); at < text.length; at++) {
      if (!beginnings.has(text[at])) continue
      const rest = text.slice(at)
      if (spellings.some((spelling) => spelling.startsWith(rest))) return at
    }
    return text.length
  }

  return {
    accept(piece) {
      const text = withoutAll(held + piece, spellings)
      const at = beginningOfKey(text)
      held = text.slice(at)
      return text.slice(0, at)
    },
    end() {
      const rest = held
      held = ''
      return rest
    },
  }
}
