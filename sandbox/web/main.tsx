import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { NoticeProvider } from './state/notices.tsx';

const root = document.getElementById('page');
if (root) {
  createRoot(root).render(
    <NoticeProvider>
      <App />
    </NoticeProvider>,
  );
}
