import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router-dom';

interface Banner {
  html: string;
  tone: 'info' | 'warning';
}

function fromParams(params: URLSearchParams): Banner {
  const html = params.get('message') ?? '';
  return { html, tone: params.get('tone') === 'warning' ? 'warning' : 'info' };
}

export function AnnouncementBanner() {
  const [params] = useSearchParams();
  const [visible, setVisible] = useState(true);
  const banner = fromParams(params);

  useEffect(() => {
    const timer = setTimeout(() => setVisible(false), 15000);
    return () => clearTimeout(timer);
  }, []);

  if (!visible || !banner.html) {
    return null;
  }
  return (
    <aside className={`banner banner--${banner.tone}`}>
      <p dangerouslySetInnerHTML={{ __html: banner.html }} />
      <button onClick={() => setVisible(false)}>Close</button>
    </aside>
  );
}
