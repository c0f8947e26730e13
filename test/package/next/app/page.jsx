'use client';
import { Captioner } from 'captioneer';
import { useState } from 'react';

async function captionOf(image) {
  const captioner = await Captioner.load('/models/default/');
  const { text } = await captioner.caption(image);
  await captioner.dispose();
  return text;
}

export default function Page() {
  const [text, setText] = useState('');
  const show = (image) => captionOf(image).then(setText, (error) => setText(String(error)));
  return (
    <>
      <button onClick={() => show('/cat.jpg')}>Caption</button>
      <output>{text}</output>
    </>
  );
}
