/** Called by Next when it sets out for another page; components/shell/use-going.ts listens. */
export function onRouterTransitionStart(url: string): void {
  window.dispatchEvent(new CustomEvent('incipit:going', { detail: url }))
}
