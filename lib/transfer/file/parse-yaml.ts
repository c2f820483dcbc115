import {
  type Document,
  type DocumentOptions,
  isScalar,
  type ParseOptions,
  parseDocument,
  type SchemaOptions,
  visit,
  YAMLParseError,
} from 'yaml'

/**
 * Parses YAML in time that grows with its length: the package compares each key with all others of its mapping, and
 * counts lines anew for each error, which we do not let it do. Errors have their positions, and no lines.
 * @throws RangeError for what is nested deeper than the stack
 */
export function parseYaml(
  text: string,
  options: ParseOptions & DocumentOptions & SchemaOptions,
): Document.Parsed {
  const document = parseDocument(text, { ...options, uniqueKeys: false, prettyErrors: false })
  if (document.errors.length > 0) return document
  const at = findRepeatedKey(document)
  if (at !== undefined)
    document.errors.push(new YAMLParseError([at, at + 1], 'DUPLICATE_KEY', 'Map keys must be unique'))
  return document
}

/** Where the first key stands that its mapping has already. */
function findRepeatedKey(document: Document.Parsed): number | undefined {
  let found: number | undefined
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        if (seen.has(key.value)) {
          found = key.range?.[0] ?? 0
          return visit.BREAK
        }
        seen.add(key.value)
      }
      return undefined
    },
  })
  return found
}
