//! `init`: a template that works.

use super::args::InitArgs;
use super::console::Console;
use super::write::{Draft, is_filled};
use super::{Failure, Outcome};
use crate::diagnostic::Lang;
use crate::package::template;
use serde_json::json;

pub(super) fn run(args: &InitArgs, console: &Console) -> Result<Outcome, Failure> {
    let folder = &args.folder;
    if is_filled(folder) {
        console.talk(&match console.lang {
            Lang::En => format!("parkflux: {} is not empty", folder.display()),
            Lang::Zh => format!("parkflux：{} 不为空", folder.display()),
        });
        return Ok(Outcome::Usage);
    }
    let files = template(&super::file_name(folder), console.lang);
    let mut draft = Draft::new(folder)?;
    for (name, bytes) in &files {
        draft.file(name, bytes)?;
    }
    draft.commit()?;
    let path = folder.display();
    if console.json {
        let names: Vec<&str> = files.iter().map(|f| f.0).collect();
        console.print_json(&json!({ "folder": path.to_string(), "files": names }))?;
    } else {
        console.print(&match console.lang {
            Lang::En => format!("{} files written to {path}\nnext: parkflux check {path}\n", files.len()),
            Lang::Zh => format!("已向 {path} 写入 {} 个文件\n下一步：parkflux check {path}\n", files.len()),
        })?;
    }
    Ok(Outcome::Done)
}
