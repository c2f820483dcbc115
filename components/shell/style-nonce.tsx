'use client'

import { useState } from 'react'

/**
 * The page's nonce for styles, where React Aria and CodeMirror read it. The policy of the first answer holds
 * as long as the page does, so a later answer's nonce must not take its place.
 */
export function StyleNonce({ nonce }: { nonce: string }) {
  const [first] = useState(nonce)
  return <meta property="csp-nonce" content={first} suppressHydrationWarning />
}
