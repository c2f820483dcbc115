import { NotAllowed } from '#components/shell/not-allowed.tsx'

export default function Forbidden() {
  return <NotAllowed />
}
