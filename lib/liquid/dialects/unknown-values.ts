import { type AppError, appError } from '../../errors.ts'

/** How other languages write a placeholder of that name. */
const SPELLINGS: readonly ((name: string) => string)[] = [
  (name) => `\${${name}}`,
  (name) => `{${name}}`,
  (name) => `%(${name})s`,
  (name) => `[[${name}]]`,
  (name) => `<${name}>`,
  (name) => `[${name}]`,
  (name) => `$${name}`,
]
/** As far as a text is searched. */
const LONGEST_TEXT = 100_000

/**
 * Tells whoever passed a value that no variable takes that the text holds its name as plain text.
 * @param error of values that do not fit
 */
export function explainUnknown(error: AppError, texts: readonly string[]): AppError {
  if (!error.details.some(({ code }) => code === 'unknown_variable')) return error
  const searched = texts.map((text) => text.slice(0, LONGEST_TEXT))
  const details = error.details.map((detail) => {
    const name = String(detail.path[1])
    if (detail.code !== 'unknown_variable' || !/^[A-Za-z]\w{0,63}$/.test(name)) return detail
    const written = SPELLINGS.map((spell) => spell(name)).find((each) =>
      searched.some((text) => text.includes(each)),
    )
    if (written === undefined) return detail
    const hint = `The text has ${written}, which is plain text here; a variable is written {{ ${name} }}`
    return { ...detail, hint: detail.hint === undefined ? hint : `${detail.hint}. ${hint}` }
  })
  const { code, message, extra, retryAfter } = error
  return appError(code, message, {
    details,
    extra,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    cause: error,
  })
}
