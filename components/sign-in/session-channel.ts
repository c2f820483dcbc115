const MARK = 'incipit-signed-in'

/** Tells the other tabs of this browser, which share the session, that somebody signed in. */
export function tellSignedIn(): void {
  localStorage.setItem(MARK, String(Date.now()))
}

/** Hears when somebody signed in in another tab. @returns ends it */
export function hearSignedIn(listener: () => void): () => void {
  const hear = ({ key }: StorageEvent) => {
    if (key === MARK) listener()
  }
  window.addEventListener('storage', hear)
  return () => window.removeEventListener('storage', hear)
}
