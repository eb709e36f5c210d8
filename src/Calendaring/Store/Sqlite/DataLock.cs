namespace Calendaring.Store.Sqlite;

/// <summary>Keeps a second process, or a second store of this one, from the same file. The operating system lets go of it when the process ends, however it ends.</summary>
internal sealed class DataLock : IDisposable
{
    private const int LinuxInUse = 11;
    private const int MacInUse = 35;
    private const int WindowsInUse = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private DataLock(FileStream file) => _file = file;

    public static DataLock Take(string path)
    {
        try
        {
            return new DataLock(new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException e) when (e.HResult is LinuxInUse or MacInUse or WindowsInUse)
        {
            throw new StoreException(StoreFailureKind.Unavailable, $"The data file {path} is in use by another process.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFailureKind.Unavailable, $"The data folder of {path} cannot be written to.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
