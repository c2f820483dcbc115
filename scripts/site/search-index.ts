import MiniSearch from 'minisearch'
import { SEARCH_OPTIONS } from './browser/search-options.js'

/** A place that the search finds. */
export interface Place {
  readonly address: string
  /** The page that it is on. */
  readonly page: string
  readonly title: string
  readonly text: string
}

/** The index of the search, as the browser loads it. */
export function searchIndex(places: readonly Place[]): string {
  const index = new MiniSearch<Place & { id: number }>(SEARCH_OPTIONS)
  index.addAll(places.map((place, id) => ({ ...place, id })))
  return JSON.stringify(index)
}
