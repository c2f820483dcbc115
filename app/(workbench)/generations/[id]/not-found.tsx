import { NoSuchGeneration } from '#components/generations/no-such-generation.tsx'

export default function NotFound() {
  return <NoSuchGeneration />
}
