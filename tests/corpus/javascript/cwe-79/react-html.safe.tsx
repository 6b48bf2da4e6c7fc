import { useEffect, useState } from 'react';
import DOMPurify from 'dompurify';

type Comment = { id: number; author: string; body: string };

export function Comments({ postId }: { postId: number }) {
  const [comments, setComments] = useState<Comment[]>([]);
  useEffect(() => {
    fetch(`/api/posts/${postId}/comments`).then((r) => r.json()).then(setComments);
  }, [postId]);
  return (
    <ul>
      {comments.map((c) => (
        <li key={c.id} dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(c.body) }} />
      ))}
    </ul>
  );
}
