import { classNames } from '#components/ui/class-names.ts'
import { liquidTokens, type Token, type TokenKind, tokenLines } from './liquid-tokens.ts'

/** Classes of each kind of token, here and in the editor. */
export const TOKEN_COLOURS: Record<TokenKind, string | undefined> = {
  text: undefined,
  mark: 'text-ink-faint',
  word: 'text-lapis',
  variable: 'rounded-xs font-medium text-rubric',
  string: 'text-moss',
  other: 'text-ink-soft',
  comment: 'text-ink-faint italic',
}

/** Template text as a page of a book: numbered lines, variables in red, logic in blue; literal text without colours. */
export function SourceText({
  text,
  variables,
  isLiteral = false,
}: {
  text: string
  variables: ReadonlySet<string>
  isLiteral?: boolean
}) {
  const lines = tokenLines(isLiteral ? [{ kind: 'text', text }] : liquidTokens(text, variables))
  return (
    <pre className="source-lines whitespace-pre-wrap break-words font-mono text-sm leading-[1.7]">
      <code>
        {lines.map((line, index) => (
          // A line has no other identity than its place in a text that never changes.
          <span key={index} className="source-line">
            {line.map(pieceOf)}
            {'\n'}
          </span>
        ))}
      </code>
    </pre>
  )
}

function pieceOf({ kind, text }: Token, index: number) {
  const colour = TOKEN_COLOURS[kind]
  if (colour === undefined) return text
  return (
    <span
      key={index}
      className={classNames(colour)}
      {...(kind === 'variable' ? { 'data-variable': text } : {})}
    >
      {text}
    </span>
  )
}
