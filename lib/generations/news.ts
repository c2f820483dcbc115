import { newsPublisher } from '../db/changes/news.ts'

/** Tells open pages, at every instance, that generations were asked for, began or ended. Call it after the commit. */
export function tellOfGenerations(workspaceId: string): void {
  newsPublisher().publish(workspaceId, 'generations')
}
