/**
 * The same where the index is made and where it is read.
 * @type {import('minisearch').Options<import('../search-index.ts').Place & {id: number}>}
 */
export const SEARCH_OPTIONS = {
  fields: ['title', 'page', 'text'],
  storeFields: ['address', 'page', 'title'],
  searchOptions: {
    boost: { title: 4, page: 2 },
    prefix: true,
    fuzzy: 0.15,
    combineWith: 'AND',
    // Decisions are searched as well, after what tells how things are.
    boostDocument: (_id, _term, stored) => (stored?.address.startsWith('/docs/adr') ? 0.4 : 1),
  },
}
