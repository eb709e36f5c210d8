using System.Text;

namespace Calendaring.Store.Sqlite;

/// <summary>
/// One SQL statement of the program, with a number by which every connection keeps it prepared. Never <c>LIMIT ?</c>: SQLite looks at the value while it plans and so prepares the statement
/// again with each binding, which costs ten times what the query does; who reads stops reading instead.
/// </summary>
internal sealed class Sql
{
    private static int _count;

    public Sql(string text)
    {
        Text = Encoding.UTF8.GetBytes(text);
        Number = Interlocked.Increment(ref _count) - 1;
    }

    public byte[] Text { get; }

    public int Number { get; }
}
