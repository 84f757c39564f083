//! One attribute that runs a test on SQLite and on PostgreSQL.

use proc_macro::TokenStream;
use quote::{format_ident, quote};
use syn::{Error, ItemFn, parse_macro_input};

/// Runs `async fn name(db: testkit::TestDb)` as two tests, `name_sqlite` and `name_postgres`, each with an empty, migrated database
/// of its own, on a runtime with several threads.
///
/// ```text
/// #[testkit::db_test]
/// async fn s2_1_every_consultation_is_written_down(db: testkit::TestDb) { … }
/// ```
#[proc_macro_attribute]
pub fn db_test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let function = parse_macro_input!(item as ItemFn);
    if !arguments.is_empty() {
        return Error::new_spanned(&function.sig, "#[db_test] takes no arguments").into_compile_error().into();
    }
    if function.sig.asyncness.is_none() || function.sig.inputs.len() != 1 {
        let text = "#[db_test] wants `async fn name(db: testkit::TestDb)`";
        return Error::new_spanned(&function.sig, text).into_compile_error().into();
    }
    let name = &function.sig.ident;
    let sqlite = format_ident!("{name}_sqlite");
    let postgres = format_ident!("{name}_postgres");
    quote! {
        #function

        #[test]
        fn #sqlite() {
            ::testkit::db::on_sqlite(#name);
        }

        #[test]
        fn #postgres() {
            ::testkit::db::on_postgres(#name);
        }
    }
    .into()
}
