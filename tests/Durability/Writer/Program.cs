using Durability.Writer;

// load FILE: waits for a line on the input, then writes without end and says each acknowledged step on the output
// failing-disk FILE: meets a disk that fails and comes back; says what went wrong, or ok
switch (args)
{
    case ["load", var file]:
        await Load.RunAsync(file);
        return 0;
    case ["failing-disk", var file]:
        Console.WriteLine(await FailingDisk.RunAsync(file));
        return 0;
    default:
        Console.Error.WriteLine("load FILE | failing-disk FILE");
        return 2;
}
