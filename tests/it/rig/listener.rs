//! A loopback port whose connections are handled by a closure, each on a thread of its own.

use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// A listening socket; dropping it cuts all its connections.
pub(crate) struct Listener {
    pub(crate) port: u16,
    open: Arc<Mutex<Vec<TcpStream>>>,
    count: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    accepts: Option<JoinHandle<()>>,
}

impl Listener {
    /// Hands each connection to `handle`, with its number from 0.
    pub(crate) fn start(handle: impl Fn(TcpStream, usize) + Send + Sync + 'static) -> Listener {
        let socket = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = socket.local_addr().unwrap().port();
        let (open, count) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let (over, handle) = (Arc::new(AtomicBool::new(false)), Arc::new(handle));
        let (all, counter, ended) = (Arc::clone(&open), Arc::clone(&count), Arc::clone(&over));
        let accepts = std::thread::spawn(move || {
            for stream in socket.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let stream: TcpStream = stream.unwrap();
                stream.set_nodelay(true).unwrap();
                all.lock().unwrap().push(stream.try_clone().unwrap());
                let number = counter.fetch_add(1, Ordering::SeqCst);
                let handle = Arc::clone(&handle);
                std::thread::spawn(move || {
                    let end = stream.try_clone().unwrap();
                    handle(stream, number);
                    let _ = end.shutdown(Shutdown::Both);
                });
            }
        });
        Listener { port, open, count, over, accepts: Some(accepts) }
    }

    /// Connections so far.
    pub(crate) fn connections(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        for stream in self.open.lock().unwrap().iter() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        let _ = self.accepts.take().map(JoinHandle::join);
    }
}
