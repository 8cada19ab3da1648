//! Carries a plan out, so that a run that fails or is killed at any point leaves each file old or new.
//!
//! The order is what makes it safe:
//!
//! 1. `archgen.lock.pending` names everything that is about to be written, so that the next run knows what a killed
//!    run wrote for archgen's own.
//! 2. All new files are written under temporary names beside their places, and synced, in one go because that is
//!    what takes time. A full disk or a missing right shows here, while every file is still the old one.
//! 3. The temporary files are renamed to their places, one step each; then orphans are removed.
//! 4. The lock is renamed to its place, last; then the pending file goes.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::disk::{Disk, Entry};
use super::failure::Failure;
use super::inspect::{Inspector, Seen};
use super::lock::Key;
use super::place::{LOCK_NAME, temporary};
use super::plan::{Action, Plan, Step};
use super::{BUSY_NAME, PENDING_NAME};

/// Carries out a plan. A plan with conflicts, and one whose files changed since it was made, is refused before the
/// first write.
pub fn apply(plan: &Plan, disk: &dyn Disk) -> Result<(), Failure> {
    let conflicts = plan.conflicts().count();
    if conflicts > 0 {
        return Err(Failure::Blocked { conflicts });
    }
    if !plan.has_work() {
        return Ok(());
    }
    let mut run = Run { plan, disk, folders: Vec::new(), temporaries: Vec::new(), done: 0 };
    let busy = plan.place.own(BUSY_NAME);
    let guard = run.make_output_folder().and_then(|()| run.try_to("lock", &busy, disk.lock(&busy)));
    let guard = match guard {
        Ok(Some(guard)) => guard,
        Ok(None) => {
            return Err(Failure::Busy { folder: plan.place.name_of(plan.place.output()) });
        }
        Err(failure) => {
            run.undo_folders();
            return Err(failure.after(0, run.all()));
        }
    };
    let result = run.carry_out();
    if result.is_err() {
        run.undo();
    }
    let unlocked = run.try_to("remove", &busy, disk.remove_file(&busy));
    drop(guard);
    if result.is_err() {
        run.undo_folders();
    }
    result.and(unlocked).map_err(|failure| failure.after(run.done, run.all()))
}

struct Run<'a> {
    plan: &'a Plan,
    disk: &'a dyn Disk,
    /// Folders that this run created, parents first.
    folders: Vec<PathBuf>,
    /// Temporary files that may lie about.
    temporaries: Vec<PathBuf>,
    /// Changes made to files of the project.
    done: usize,
}

impl Run<'_> {
    fn carry_out(&mut self) -> Result<(), Failure> {
        self.verify()?;
        self.announce()?;
        self.sweep()?;
        for step in self.plan.steps.iter().filter(|step| step.first) {
            self.remove(step)?;
        }
        for step in self.plan.steps.iter().filter(|step| step.seen == Seen::Folder && step.writes()) {
            self.remove_empty(&self.plan.place.file(&step.key))?;
        }
        let lock = self.plan.place.own(LOCK_NAME);
        for step in self.plan.steps.iter().filter(|step| step.writes()) {
            self.make_folders_of(&step.key)?;
            let bytes = step.after.as_deref().unwrap_or_default();
            self.write_temporary(&self.plan.place.file(&step.key), bytes, step.key.1.is_script())?;
        }
        self.write_temporary(&lock, &self.plan.lock_after, false)?;
        let mut written = self.temporaries.clone();
        written.push(self.plan.place.own(PENDING_NAME));
        self.try_to("write", self.plan.place.output(), self.disk.sync(&written))?;
        for step in self.plan.steps.iter().filter(|step| step.writes()) {
            self.put(&self.plan.place.file(&step.key))?;
            self.done += 1;
        }
        for step in self.plan.steps.iter().filter(|step| !step.first) {
            self.remove(step)?;
        }
        self.put(&lock)?;
        let pending = self.plan.place.own(PENDING_NAME);
        self.try_to("remove", &pending, self.disk.remove_file(&pending))
    }

    /// Sees that nothing changed since the plan was made: another run, an editor.
    fn verify(&self) -> Result<(), Failure> {
        let place = &self.plan.place;
        let mut inspector = Inspector::new(self.disk, place);
        for (name, before) in [(LOCK_NAME, &self.plan.lock_before), (PENDING_NAME, &self.plan.pending_before)]
        {
            if inspector.own(name)? != *before {
                return Err(Failure::Changed { path: place.own_shown(name) });
            }
        }
        for step in self.plan.steps.iter().filter(|step| step.action != Action::Unchanged) {
            if inspector.look(&step.key)? != step.seen {
                return Err(Failure::Changed { path: step.path.clone() });
            }
        }
        Ok(())
    }

    /// Says what is about to be written, on top of what an earlier killed run had said.
    fn announce(&mut self) -> Result<(), Failure> {
        let pending = self.plan.place.own(PENDING_NAME);
        self.clear(&temporary(&pending))?;
        self.write_temporary(&pending, &self.plan.pending_after, false)?;
        self.put(&pending)
    }

    /// Removes temporary files of a killed run.
    fn sweep(&mut self) -> Result<(), Failure> {
        let mut inspector = Inspector::new(self.disk, &self.plan.place);
        for key in &self.plan.all {
            if inspector.is_reachable(key)? {
                self.clear(&temporary(&self.plan.place.file(key)))?;
            }
        }
        self.clear(&temporary(&self.plan.place.own(LOCK_NAME)))
    }

    /// Removes a file if there is one.
    fn clear(&self, path: &Path) -> Result<(), Failure> {
        match self.try_to("look at", path, self.disk.entry(path))? {
            Entry::Missing => Ok(()),
            _ => self.try_to("remove", path, self.disk.remove_file(path)),
        }
    }

    /// Removes an orphan and the folders that it leaves empty.
    fn remove(&mut self, step: &Step) -> Result<(), Failure> {
        match step.action {
            Action::Remove => {
                let path = self.plan.place.file(&step.key);
                self.try_to("remove", &path, self.disk.remove_file(&path))?;
                self.done += 1;
            }
            // It is gone already, but a killed run may have left its folder.
            Action::Forget if step.seen == Seen::Missing => {}
            _ => return Ok(()),
        }
        let root = self.plan.place.folder(step.key.0);
        let file = self.plan.place.file(&step.key);
        for folder in file.ancestors().skip(1).take_while(|folder| *folder != root) {
            if self.try_to("look at", folder, self.disk.entry(folder))? == Entry::Missing {
                continue;
            }
            if !self.try_to("list", folder, self.disk.list(folder))?.is_empty() {
                break;
            }
            self.try_to("remove", folder, self.disk.remove_folder(folder))?;
        }
        Ok(())
    }

    /// Removes a folder that holds nothing but folders; one that is gone already is fine.
    fn remove_empty(&self, folder: &Path) -> Result<(), Failure> {
        if self.try_to("look at", folder, self.disk.entry(folder))? != Entry::Folder {
            return Ok(());
        }
        for name in self.try_to("list", folder, self.disk.list(folder))? {
            self.remove_empty(&folder.join(name))?;
        }
        self.try_to("remove", folder, self.disk.remove_folder(folder))
    }

    fn make_output_folder(&mut self) -> Result<(), Failure> {
        let output = self.plan.place.output().to_path_buf();
        let mut missing = Vec::new();
        for folder in output.ancestors().filter(|folder| !folder.as_os_str().is_empty()) {
            match self.try_to("look at", folder, self.disk.entry(folder))? {
                Entry::Missing => missing.push(folder.to_path_buf()),
                _ => break,
            }
        }
        missing.into_iter().rev().try_for_each(|folder| self.make_folder(folder))
    }

    fn make_folders_of(&mut self, key: &Key) -> Result<(), Failure> {
        for above in self.plan.place.above(key) {
            let known = self.folders.contains(&above.path);
            if !known && self.try_to("look at", &above.path, self.disk.entry(&above.path))? == Entry::Missing
            {
                self.make_folder(above.path)?;
            }
        }
        Ok(())
    }

    fn make_folder(&mut self, path: PathBuf) -> Result<(), Failure> {
        match self.disk.create_folder(&path) {
            Ok(()) => self.folders.push(path),
            // Another run was faster; which of the two goes on is for the lock to say.
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {
                if self.try_to("look at", &path, self.disk.entry(&path))? != Entry::Folder {
                    return self.try_to("create the folder", &path, Err(e));
                }
            }
            Err(e) => return self.try_to("create the folder", &path, Err(e)),
        }
        Ok(())
    }

    fn write_temporary(&mut self, file: &Path, bytes: &[u8], executable: bool) -> Result<(), Failure> {
        let path = temporary(file);
        self.temporaries.push(path.clone());
        self.try_to("write", file, self.disk.write_new(&path, bytes, executable))
    }

    /// Renames a temporary file to its place.
    fn put(&mut self, file: &Path) -> Result<(), Failure> {
        let path = temporary(file);
        self.try_to("write", file, self.disk.rename(&path, file))?;
        self.temporaries.retain(|other| *other != path);
        Ok(())
    }

    /// Cleans up after a failure as far as the disk lets. The pending file goes only when no file of the project
    /// has changed and nothing lies about that only it tells of.
    fn undo(&mut self) {
        let disk = self.disk;
        self.temporaries.retain(|path| disk.remove_file(path).is_err() && is_there(disk, path));
        if self.done == 0 && self.temporaries.is_empty() && self.plan.pending_before.is_none() {
            // Whatever cannot be removed now is cleaned up by the next run.
            let _ = disk.remove_file(&self.plan.place.own(PENDING_NAME));
        }
    }

    fn undo_folders(&mut self) {
        for folder in self.folders.drain(..).rev() {
            // A folder that holds something by now stays, which is right.
            let _ = self.disk.remove_folder(&folder);
        }
    }

    fn all(&self) -> usize {
        self.plan.steps.iter().filter(|step| step.writes() || step.action == Action::Remove).count()
    }

    fn try_to<T>(&self, doing: &'static str, path: &Path, result: std::io::Result<T>) -> Result<T, Failure> {
        result.map_err(|e| Failure::io(doing, self.plan.place.name_of(path), &e))
    }
}

fn is_there(disk: &dyn Disk, path: &Path) -> bool {
    !matches!(disk.entry(path), Ok(Entry::Missing))
}
