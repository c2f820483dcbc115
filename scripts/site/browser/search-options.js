/** Words that every page has: a question that holds them asks for its other words. */
const COMMON = new Set(
  `a an and are as at be by do does for from how i in is it my of on or that the this to what when where which who
    with`.split(/\s+/),
)

/**
 * The same where the index is made and where it is read.
 * @type {import('minisearch').Options<import('../search-index.ts').Place & {id: number}>}
 */
export const SEARCH_OPTIONS = {
  fields: ['title', 'page', 'text'],
  storeFields: ['address', 'page', 'title'],
  processTerm: (term) => (COMMON.has(term.toLowerCase()) ? null : term.toLowerCase()),
  searchOptions: {
    boost: { title: 2, page: 1.5 },
    prefix: (term) => term.length > 2,
    fuzzy: (term) => (term.length > 4 ? 0.15 : false),
    weights: { prefix: 0.3, fuzzy: 0.2 },
    combineWith: 'AND',
    // Decisions are searched as well, after what tells how things are.
    boostDocument: (_id, _term, stored) => (String(stored?.address).startsWith('/docs/adr') ? 0.4 : 1),
  },
}
