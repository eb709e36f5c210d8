using System.Text;

namespace Calendaring.Store.Sqlite;

/// <summary>One SQL statement of the program, with a number by which every connection keeps it prepared.</summary>
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
