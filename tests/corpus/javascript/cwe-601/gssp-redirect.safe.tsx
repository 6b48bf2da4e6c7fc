import type { GetServerSideProps } from 'next';

export const getServerSideProps: GetServerSideProps = async ({ req, query }) => {
  const session = req.cookies['session'];
  if (session) {
    return { redirect: { destination: query.next === 'admin' ? '/admin' : '/home', permanent: false } };
  }
  return { props: {} };
};

export default function Login() {
  return <form method="post" action="/api/login"><input name="user" /></form>;
}
