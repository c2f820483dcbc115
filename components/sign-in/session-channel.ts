const CHANNEL = 'incipit-signed-in'

/** Tells the other tabs of this browser, which share the session, that somebody signed in. */
export function tellSignedIn(): void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.postMessage(true)
  channel.close()
}

/** Hears when somebody signed in in another tab. @returns ends it */
export function hearSignedIn(listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.addEventListener('message', listener)
  return () => channel.close()
}
