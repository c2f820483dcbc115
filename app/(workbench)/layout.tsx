import type { ReactNode } from 'react'
import { Frame } from '../frame.tsx'

export default function WorkbenchLayout({ children }: { children: ReactNode }) {
  return <Frame>{children}</Frame>
}
