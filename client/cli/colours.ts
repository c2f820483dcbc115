const RESET = '\u001B[0m'
const RED = '\u001B[31m'
const GREEN = '\u001B[32m'
const CYAN = '\u001B[36m'

/**
 * Characters that a text of the server could move a terminal with, or show it in another order than it is; tabs and line
 * ends are none.
 */
const CONTROL = /(?![\t\n])[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu

/** A line for a terminal: those of a difference in colour, and nothing that would move the cursor. */
export function coloured(line: string, colours: boolean): string {
  if (!colours) return line
  const plain = line.replaceAll(CONTROL, '\uFFFD')
  if (plain.startsWith('+')) return GREEN + plain + RESET
  if (plain.startsWith('-')) return RED + plain + RESET
  return plain.startsWith('@@') ? CYAN + plain + RESET : plain
}
