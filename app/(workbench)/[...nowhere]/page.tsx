import { notFound } from 'next/navigation'

/**
 * Every address that is no page. The workbench tells it, and not app/not-found.tsx: every page would load that one,
 * with all that it is made of.
 */
export default function Nowhere(): never {
  notFound()
}
