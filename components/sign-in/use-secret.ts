'use client'

import { useEffect, useState } from 'react'

/**
 * The secret that a link has in its fragment, which no server sees. It is taken out of the address at once, so that
 * neither history nor a copied address holds it. Undefined: not looked yet; null: there is none.
 */
export function useSecret(): [secret: string | null | undefined, use: (secret: string) => void] {
  const [secret, setSecret] = useState<string | null>()
  useEffect(() => {
    const take = () => {
      const found = secretIn(window.location.hash)
      if (found !== undefined) {
        // Next keeps the state of its router in the history's.
        window.history.replaceState(window.history.state, '', window.location.pathname)
        setSecret(found)
      } else setSecret((before) => before ?? null)
    }
    take()
    // The same page is open already when the link is followed.
    window.addEventListener('hashchange', take)
    return () => window.removeEventListener('hashchange', take)
  }, [])
  return [secret, setSecret]
}

const SECRET = /^[\w-]{16,256}$/

/** The secret of a link, or of the part of it that somebody copied; undefined: it has none. */
export function secretIn(link: string): string | undefined {
  const secret = link.trim().split('#').at(-1) ?? ''
  return SECRET.test(secret) ? secret : undefined
}
