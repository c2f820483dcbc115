import { notFound } from 'next/navigation'

/**
 * Every address that is no page. Told by the workbench and not by app/not-found.tsx: that one is loaded with every
 * page, and would bring the frame to those that have none.
 */
export default function Nowhere(): never {
  notFound()
}
