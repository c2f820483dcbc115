import { newsTeller } from '../db/news.ts'

/** Tells open pages, at every instance, that generations were asked for, began or ended. Call it after the commit. */
export function tellOfGenerations(workspaceId: string): void {
  newsTeller().tell(workspaceId, 'generations')
}
