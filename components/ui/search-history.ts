/**
 * How the text of a search goes into the history: its first letters make an entry, so that Back leads to where
 * nothing was searched; those that follow replace it.
 */
export function searchHistory(q: string): 'push' | 'replace' {
  return q === '' || new URLSearchParams(window.location.search).has('q') ? 'replace' : 'push'
}
