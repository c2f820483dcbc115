import type { ReactNode } from 'react'
import { Frame } from '../frame.tsx'

/** The text of the product, which is open to everybody. */
export default function DocsLayout({ children }: { children: ReactNode }) {
  return <Frame isPublic>{children}</Frame>
}
